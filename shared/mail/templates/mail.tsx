import type { MailView, Section } from '../blocks.ts';
import { type AddressOf, Blocks } from './blocks.tsx';
import { each } from './each.tsx';
import { Layout } from './layout.tsx';

interface Props {
  view: MailView;
  addressOf: AddressOf;
}

/** A mail: what stands on top, then its sections, in a liaison's mail under a heading for each practice. */
export function Mail({ view, addressOf }: Props) {
  const firstPart = view.sections.findIndex(({ level }) => level === 'part');
  return (
    <Layout view={view}>
      <Blocks blocks={view.top} title={view.title} addressOf={addressOf} />
      {each(view.sections, (section, index) => (
        <>
          <Title section={section} isNested={firstPart !== -1 && index > firstPart} />
          <Blocks blocks={section.blocks} title={section.title} addressOf={addressOf} />
        </>
      ))}
    </Layout>
  );
}

function Title({ section: { title, level, count, aside }, isNested }: { section: Section; isNested: boolean }) {
  const text = count === null ? title : `${title} (${count})`;
  if (level === 'part') {
    return (
      <h2 className="pr">
        {text}
        {aside === null ? null : <span className="m as"> · {aside}</span>}
      </h2>
    );
  }
  return isNested ? <h3>{text}</h3> : <h2>{text}</h2>;
}

const PATH = /^([A-Z][A-Z0-9]{2})-(\d{1,3})(?:\.(\d{1,3}))?$/;

/** Where a value stands: `SCH-25.1`. */
interface Path {
  segment: string;
  field: number;
  /** Null: the path names the field. */
  component: number | null;
}

/** Reads a path such as `SCH-25.1` or `SCH-25`. An empty segment: it is none. */
export function readPath(path: string): Path {
  const [, segment = '', field, component] = PATH.exec(path) ?? [];
  return { segment, field: Number(field ?? 0), component: component === undefined ? null : Number(component) };
}

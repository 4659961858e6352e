import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { readStage, type StageSettings, stageNames } from '../../infra/stage.ts';
import { clientConfig, isStandIn } from '../stand-ins/client-config.ts';

/** Whose credentials these are. `arn` is that of a user, or of a role with the name of its session. */
export interface Caller {
  account: string;
  arn: string;
}

/** How a command reaches a deployed stage. */
export interface StageAccess {
  stage: string;
  /** From its file. Null: a stand-in on this machine, which has neither file nor account. */
  settings: StageSettings | null;
  /** For every client of AWS's SDK: the region of the stage's file, the endpoint if one is set. */
  clientConfig: { region?: string; endpoint?: string };
  /** Whose credentials are used; asked once. Null: a stand-in doesn't say. */
  caller(): Promise<Caller | null>;
}

/** What tests bring along. */
export interface Reach {
  /** Where the files of the stages are. */
  folder?: string;
  identify?: (config: { region?: string }) => Promise<Caller>;
}

/**
 * Account and region of a stage, from its file `infra/stages/<stage>.json`. If the file names an account, the credentials
 * must be of that one: the same stage can exist in several accounts, and it is easy to be logged in to another.
 * @param endpoint of a service, if one is set; one on this machine is a stand-in
 * @throws Error that says what to do: there is no such file, or these are another account's credentials
 */
export async function stageAccess(
  stage: string,
  endpoint: string | undefined,
  { folder, identify = identifyCaller }: Reach = {},
): Promise<StageAccess> {
  if (endpoint && isStandIn(endpoint)) {
    return { stage, settings: null, clientConfig: clientConfig(endpoint), caller: async () => null };
  }
  const names = stageNames(folder);
  if (!names.includes(stage)) {
    throw new Error(
      `there is no file infra/stages/${stage}.json, which says in which account and region the stage is; there are files of ${names.join(', ')}. Copy the one that it was deployed with`,
    );
  }
  const settings = readStage(stage, folder);
  const { account, region } = settings;
  let asked: Promise<Caller> | null = null;
  const caller = (): Promise<Caller> => {
    asked ??= identify({ ...(region && { region }) });
    return asked;
  };
  if (account !== undefined) {
    const own = await caller();
    if (own.account !== account) {
      throw new Error(
        `infra/stages/${stage}.json is of account ${account}, and these credentials are of ${own.account} (${own.arn}): set AWS_PROFILE or log in to the other`,
      );
    }
  }
  return { stage, settings, clientConfig: { ...(region && { region }), ...(endpoint && { endpoint }) }, caller };
}

async function identifyCaller(config: { region?: string }): Promise<Caller> {
  const client = new STSClient(config);
  try {
    const { Account, Arn } = await client.send(new GetCallerIdentityCommand({}));
    if (!Account || !Arn) throw new Error("AWS didn't say whose credentials these are");
    return { account: Account, arn: Arn };
  } finally {
    client.destroy();
  }
}

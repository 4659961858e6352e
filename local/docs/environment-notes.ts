/** What the variables mean that the deployed functions get. */
export const FUNCTION_VARIABLES: Record<string, string> = {
  LOG_LEVEL: "`logLevel` of the stage's file",
  REFERRAL_TABLE: 'name of the table of referrals',
  OPERATIONS_TABLE: 'name of the table of operations',
  DUE_SHARDS: 'into how many parts the index of what is due is divided',
  REFERRAL_HASH_KEY: "alias of the KMS key with which referrals' ids are hashed in logs",
  MAIL_QUEUE_URL: 'the queue of mails to be sent',
  MAIL_HOLD: "`on` if `mail.hold` of the stage's file is true, else `off`",
  CONFIGURATION_SET: 'the SES configuration set that mail is sent with',
  CONCURRENT_SENDERS: 'how many instances of the function share what SES takes in a second',
  DEAD_LETTER_QUEUE_URLS: 'the dead-letter queues that the operations mail counts, separated by spaces',
  CLOSED_REFERRAL_MONTHS: "`retention.closedReferralMonths` of the stage's file",
};

/** What the variables mean that the commands on your machine heed. */
export const COMMAND_VARIABLES: Record<string, string> = {
  LOOPWATCH_HOME: 'the folder by which commands find a running demo; by default `.loopwatch` in the checkout',
  DYNAMODB_ENDPOINT:
    'a DynamoDB to use instead of the built-in one (`demo`, `replay`, `soak`) or of AWS (with `--stage`), such as DynamoDB Local',
  SQS_ENDPOINT: 'the same for SQS',
  SES_ENDPOINT: 'the same for SES',
  CHROME_PATH:
    'an installed Chrome or Chromium that draws mails for screenshots and browser tests; needed except on x64 Linux',
  NODE_ENV: "`production` unless set: React's development build takes three times as long to make mails",
  TSX_TSCONFIG_PATH:
    "the `tsconfig.json` by which tsx loads TypeScript, on a Node older than 24.12; the checkout's unless set",
  PATH: "Lambda's Node version is put in front of it for what a command starts",
};

/** Set by AWS where the functions run. */
export const PLATFORM_VARIABLES: Record<string, string> = {
  AWS_LAMBDA_FUNCTION_NAME: "the function's name, by which its metrics are told apart",
};

/** Read by the AWS SDK and the CDK, not by Loopwatch itself. */
export const SDK_VARIABLES: Record<string, string> = {
  AWS_PROFILE: 'which credentials commands with `--stage` and `cdk` use',
  AWS_REGION: "the region, where the stage's file names none",
  AWS_USE_FIPS_ENDPOINT: '`true`: commands use FIPS endpoints',
};

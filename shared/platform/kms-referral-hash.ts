import { GenerateMacCommand, type KMSClient } from '@aws-sdk/client-kms';
import { kmsClient } from './clients.ts';
import { type ReferralHash, referralHash } from './referral-hash.ts';
import { systemTime } from './time-source.ts';

/** What KMS is asked to hash. It never changes: the answer is the key of all hashes in the logs. */
const MESSAGE = new TextEncoder().encode('referral-ids');

/**
 * The key of the hashes of a stage's referrals: what a key that never leaves KMS makes of a fixed message.
 * @param keyId id, ARN or alias of an HMAC key in KMS
 */
export async function referralHashKey(kms: Pick<KMSClient, 'send'>, keyId: string): Promise<Uint8Array> {
  const { Mac } = await kms.send(
    new GenerateMacCommand({ KeyId: keyId, Message: MESSAGE, MacAlgorithm: 'HMAC_SHA_256' }),
  );
  if (!Mac?.length) throw new Error('KMS made no MAC');
  return Mac;
}

/** Hashes of referrals on Lambda: KMS is called once, when the first failure is logged. */
export const kmsReferralHash = (keyId: string): ReferralHash =>
  referralHash(() => referralHashKey(kmsClient(), keyId), systemTime);

import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AttributeType,
  Billing,
  type CfnGlobalTable,
  TableEncryptionV2,
  type TablePropsV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';

export interface DataTableProps extends Pick<TablePropsV2, 'globalSecondaryIndexes'> {
  name: string;
  key: IKey;
  /** Partition keys, with `*`, of items that no function may read: one may put them, the others not even that. */
  sealed?: readonly string[];
}

/**
 * A table keyed by `pk` and `sk`, encrypted with our own key, that outlives its stack. It is a global table with one
 * replica, in the stack's own region: docs/adr/0020-global-tables.md.
 */
export class DataTable extends TableV2 {
  override readonly encryptionKey: IKey;
  readonly indexes: readonly string[];
  readonly sealed: readonly string[];

  constructor(scope: Construct, id: string, { name, key, sealed = [], ...indexes }: DataTableProps) {
    super(scope, id, {
      ...indexes,
      tableName: name,
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      timeToLiveAttribute: 'expiresAt',
      billing: Billing.onDemand(),
      encryption: TableEncryptionV2.awsManagedKey(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    // Not customerManagedKey: that needs a region in the stage's file, because more replicas would need keys of their
    // own. The only replica is the first one.
    (this.node.defaultChild as CfnGlobalTable).addPropertyOverride('Replicas.0.SSESpecification', {
      KMSMasterKeyId: key.keyArn,
    });
    this.encryptionKey = key;
    this.indexes = (indexes.globalSecondaryIndexes ?? []).map(({ indexName }) => indexName);
    this.sealed = sealed;
  }
}

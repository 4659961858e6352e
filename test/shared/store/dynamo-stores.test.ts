import { describeStores } from './contract.ts';
import { openTables } from './tables.ts';

describeStores('In DynamoDB', openTables);

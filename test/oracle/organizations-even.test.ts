import { describe } from 'vitest';
import { agreesOnOrganizations } from './organizations.ts';

describe('The oracle and the handlers', () => {
  agreesOnOrganizations(0);
});

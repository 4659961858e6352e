/** The time zone of the simulated organization. */
export const ORGANIZATION_ZONE = 'America/New_York';

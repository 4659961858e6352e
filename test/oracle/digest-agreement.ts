import { type AskDigests, askOracleForDigests } from './digest-story.ts';
export const SIDES: [[name: string, ask: AskDigests], ...[name: string, ask: AskDigests][]] = [['the oracle', askOracleForDigests]];

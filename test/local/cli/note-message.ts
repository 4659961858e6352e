/** A note in HL7 v2, with what a person wrote in it. */
export const NOTE = [
  'MSH|^~\\&|EHR|NORTH|||20260302090000-0500||MDM^T02|M1|P|2.5.1',
  'TXA|1|CN|TX|||||||||DOC1||REF-1|||AU',
  'OBX|1|TX|11488-4^Note^LN||what a person wrote||||||F',
  'NTE|1||and a remark',
].join('\r');

import type { BlockJson } from '../../slack/page/contract.ts';

export interface BlockProps {
  readonly block: BlockJson;
  readonly blockId: string;
}

import { Component, type ReactNode } from 'react';
import type { BlockJson } from '../../slack/page/contract.ts';
import { JsonBox } from './json-box.tsx';

interface BlockGuardProps {
  readonly block: BlockJson;
  readonly children: ReactNode;
}

interface BlockGuardState {
  readonly hasFailed: boolean;
}

/** Shows a block that cannot be drawn as its JSON, so that it does not take the page with it. */
export class BlockGuard extends Component<BlockGuardProps, BlockGuardState> {
  override state: BlockGuardState = { hasFailed: false };

  static getDerivedStateFromError(): BlockGuardState {
    return { hasFailed: true };
  }

  override render(): ReactNode {
    return this.state.hasFailed ? <JsonBox what="block" json={this.props.block} /> : this.props.children;
  }
}

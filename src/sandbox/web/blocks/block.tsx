import type { ComponentType, ReactElement } from 'react';
import type { KnownBlock } from '@slack/types';
import type { BlockJson } from '../../slack/page/contract.ts';
import { jsonsIn, stringIn, typeOf } from '../json.ts';
import { Actions } from './actions.tsx';
import { BlockGuard } from './block-guard.tsx';
import type { BlockProps } from './block-props.ts';
import { Card, Carousel, Container } from './cards.tsx';
import { DataTable } from './data-table.tsx';
import { Image } from './image.tsx';
import { Input } from './input.tsx';
import { JsonBox } from './json-box.tsx';
import { LibraryBlock } from './library-block.tsx';
import { RemoteFile, Video } from './remote.tsx';
import { RichText } from './rich-text.tsx';
import { Table } from './table.tsx';
import { Alert, Context, Divider, Header, Section } from './texts.tsx';

const BLOCKS: Readonly<Record<KnownBlock['type'] | 'data_visualization', ComponentType<BlockProps>>> = {
  actions: Actions,
  alert: Alert,
  card: Card,
  carousel: Carousel,
  container: ({ block }) => (
    <Container block={block}>
      <Blocks blocks={jsonsIn(block.child_blocks)} />
    </Container>
  ),
  context: Context,
  context_actions: Actions,
  data_table: DataTable,
  data_visualization: LibraryBlock,
  divider: Divider,
  file: RemoteFile,
  header: Header,
  image: Image,
  input: Input,
  markdown: LibraryBlock,
  plan: LibraryBlock,
  rich_text: RichText,
  section: Section,
  table: Table,
  task_card: LibraryBlock,
  video: Video,
};

interface BlocksProps {
  readonly blocks: readonly BlockJson[];
}

export function Blocks({ blocks }: BlocksProps): ReactElement {
  return (
    <div className="blocks">
      {blocks.map((block, index) => (
        <Block key={stringIn(block, 'block_id') ?? index} block={block} />
      ))}
    </div>
  );
}

function Block({ block }: { readonly block: BlockJson }): ReactElement {
  const type = typeOf(block);
  const Known = isKnown(type) ? BLOCKS[type] : undefined;
  if (Known === undefined) return <JsonBox what="block" json={block} />;
  return (
    <BlockGuard block={block}>
      <Known block={block} blockId={stringIn(block, 'block_id') ?? ''} />
    </BlockGuard>
  );
}

function isKnown(type: string): type is keyof typeof BLOCKS {
  return Object.hasOwn(BLOCKS, type);
}

import { defineFacts, type Subject } from '#src/model/check.ts';
import { NODE_FILES_NAMESPACE, NODE_REPORT_KEY, readNodeReport, type NodeReport } from '#src/model/node-files.ts';
import { textAt } from '#src/model/raw.ts';

/** What a node says of its files, or why nobody knows. */
export interface NodeFileReport {
  readonly node: string;
  /** Of the ConfigMap. */
  readonly subject: Subject;
  readonly report: NodeReport | { readonly fault: string };
}

/** What nodes report of their files, where something runs on them that does. */
export const nodeFileReports = defineFacts({
  name: 'node-file-reports',
  reads: ['ConfigMap'],
  keeps: 'mode and owner of each file that a node reports',
  start: (): NodeFileReport[] => [],
  add(state, object, subject) {
    const text = subject.ref.namespace === NODE_FILES_NAMESPACE ? textAt(object, 'data', NODE_REPORT_KEY) : undefined;
    if (text !== undefined) state.push({ node: subject.ref.name, subject, report: readNodeReport(text) });
  },
});

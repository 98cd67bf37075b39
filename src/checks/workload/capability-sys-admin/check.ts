import { capabilitiesOf } from '#src/model/capabilities.ts';
import { defineContainerCheck } from '#src/model/check.ts';
import { mitre } from '#src/model/references.ts';

const SYS_ADMIN = ['SYS_ADMIN', 'ALL'];

/** Reports each container that adds SYS_ADMIN, by its own name or as part of ALL. */
export const check = defineContainerCheck({
  id: 'workload/capability-sys-admin',
  title: 'No container has the capability SYS_ADMIN',
  severity: 'critical',
  tips: [5],
  why: 'SYS_ADMIN lets a process mount file systems and change the kernel; it is so wide that it comes close to running privileged.',
  fix: 'Remove SYS_ADMIN or ALL from securityContext.capabilities.add, and add the narrow capability that the program asks for.',
  sources: [{ title: 'Linux manual page capabilities(7), CAP_SYS_ADMIN', url: 'https://man7.org/linux/man-pages/man7/capabilities.7.html' }, mitre('T1611')],
  *judge(container) {
    const added = capabilitiesOf(container, 'add').find(({ name }) => SYS_ADMIN.includes(name));
    if (added === undefined) return;
    yield {
      path: added.path,
      message: `Container ${container.name} adds ${added.name === 'ALL' ? 'all capabilities, SYS_ADMIN among them' : 'the capability SYS_ADMIN'}`,
    };
  },
});

import { defineCommand } from '#src/model/command.ts';
import { template } from '#templates/schedule.ts';

const TIMES = 3;

/** Tells what runs without being asked, and when next. */
export const command = defineCommand({
  name: 'schedule',
  usage: 'schedule',
  summary: 'Show what runs when, with the next three times.',
  examples: ['schedule'],
  access: 'viewer',
  maxWords: 0,
  flags: {},
  run(_, _caller, services) {
    const entries = services.schedules.all().map((schedule) => ({
      text: schedule.text,
      cron: schedule.cron,
      timeZone: schedule.timeZone,
      next: services.schedules.next(schedule, TIMES).map((at) => at.toISOString()),
    }));
    return Promise.resolve({ message: template.render({ entries }, services) });
  },
});

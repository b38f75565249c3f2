/** Settings of the schedule by the names of pd-ctl, `/config`; rules have a file of their own. */
import { configProblem } from '../schedule/index.ts';
import { type ApiAnswer, missing, ok, refused, type Request, unsupported } from './request.ts';
import { rules } from './rule-door.ts';
import { changedConfig, showReplication, showSchedule } from './settings.ts';

/** How regions are replicated; there is one way. */
const MAJORITY = { 'replication-mode': 'majority' };

export function config(request: Request): ApiAnswer {
  const { context, method, words, json } = request;
  const { schedule, version } = context;
  const place = words.slice(1).join('/');
  switch (`${method} ${words[1] ?? ''}`) {
    case 'POST ':
    case 'POST schedule':
    case 'POST replicate': {
      const changed = changedConfig(schedule.config, json);
      const problem = typeof changed === 'string' ? changed : configProblem(changed);
      if (problem) return refused(problem);
      return ok('The config is updated.', [{ kind: 'put-setting', name: 'config', value: JSON.stringify(changed) }]);
    }
    case 'GET ':
      return ok({
        schedule: showSchedule(schedule.config),
        replication: showReplication(schedule.config),
        'replication-mode': MAJORITY,
        'label-property': {},
        'cluster-version': version,
      });
    case 'GET schedule':
      return ok(showSchedule(schedule.config));
    case 'GET replicate':
      return ok(showReplication(schedule.config));
    case 'GET cluster-version':
      return ok(version);
    case 'POST cluster-version':
      return unsupported('a cluster version other than that of its processes');
    case 'GET replication-mode':
      return ok(MAJORITY);
    case 'POST replication-mode':
      return json['replication-mode'] === 'majority' ? ok('The replication mode config is updated.') : unsupported('a replication mode other than majority'); // prettier-ignore
    case 'GET label-property':
      return ok({});
    case 'POST label-property':
      return unsupported('label properties: leaders keep away from a store by a rule of the role follower, or by evict-leader-scheduler'); // prettier-ignore
    case 'GET pd-server':
      return ok({});
    default:
      if (/^region-label(?:\/|$)/.test(place)) return unsupported('labels of regions');
      return ['rule', 'rules', 'rule_group', 'rule_groups', 'placement-rule'].includes(words[1] ?? '') ? rules(request) : missing(); // prettier-ignore
  }
}

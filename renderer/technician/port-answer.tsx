// What became of asking a port, in words that promise no more than was heard.

import type { PortIdentity, PortSuggestion } from '../../main/contract/console.ts';
import { FailureNote } from '../ui/console/failure-note.tsx';
import { useT, useText } from '../ui/i18n/i18n.ts';
import { kindWords } from './device-words.ts';
import styles from './ports-panel.module.css';
import type { PortAnswer } from './use-identify-port.ts';

const Suggestion = ({ suggestion }: { suggestion: PortSuggestion }) => {
  const t = useT();
  const text = useText();
  const { title, kind, driver, link, baudRate } = suggestion;
  return (
    <span className={styles['suggestion']}>
      {t('console.ports.suggestion', { kind: t(kindWords[kind]), title: text(title), driver })}
      <span className={styles['path']}>
        {link}
        {baudRate === undefined ? '' : ` · ${baudRate}`}
      </span>
    </span>
  );
};

const Identity = ({ result }: { result: PortIdentity }) => {
  const t = useT();
  const text = useText();
  switch (result.outcome) {
    case 'recognised':
    case 'named':
      return (
        <>
          <span className={styles['line']}>
            {result.model === undefined ? '' : `${result.model} · `}
            {t(`console.ports.confidence.${result.confidence}`)}
          </span>
          {result.suggestions.map((suggestion) => (
            <Suggestion key={suggestion.driver} suggestion={suggestion} />
          ))}
        </>
      );
    case 'unknown':
      return <>{t('console.ports.unknown', { asked: result.asked, bytes: result.heardBytes })}</>;
    case 'cannotOpen':
      return (
        <>
          <span className={styles['line']}>{text(result.fault.what)}</span>
          <span className={styles['small']}>{text(result.fault.todo)}</span>
        </>
      );
    case 'gone':
    case 'canceled':
    case 'assigned':
      return <>{t(`console.ports.${result.outcome}`)}</>;
    default:
      return result satisfies never;
  }
};

export const PortAnswerView = ({ answer }: { answer: PortAnswer }) => {
  const t = useT();
  const text = useText();
  switch (answer.phase) {
    case 'asking': {
      const { progress } = answer;
      if (progress === undefined) return <>{t('console.ports.opening')}</>;
      const { step, of, title, baudRate } = progress;
      const what = title === undefined ? t('console.ports.listening') : text(title);
      return <>{`${step}/${of} ${what}${baudRate === undefined ? '' : ` · ${baudRate}`}`}</>;
    }
    case 'done':
      return <Identity result={answer.result} />;
    case 'failed':
      return <FailureNote failure={answer.failure} />;
    default:
      return answer satisfies never;
  }
};

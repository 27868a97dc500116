// All screens side by side, each in a frame of its own at a fifth of its size.

import { useState } from 'react';
import styles from './overview.module.css';

const sizes = { portrait: { width: 1080, height: 1920 }, landscape: { width: 1920, height: 1080 } } as const;

export const Overview = ({ names }: { names: readonly string[] }) => {
  const [orientation, setOrientation] = useState<keyof typeof sizes>('portrait');
  const [mode, setMode] = useState('standard');
  const [language, setLanguage] = useState('zh');
  const [theme, setTheme] = useState('light');
  const { width, height } = sizes[orientation];
  const scale = orientation === 'portrait' ? 0.24 : 0.28;
  const select = (label: string, value: string, values: readonly string[], onChange: (value: string) => void) => (
    <label>
      {label}{' '}
      <select value={value} onChange={(event) => onChange(event.target.value)}>
        {values.map((one) => (
          <option key={one}>{one}</option>
        ))}
      </select>
    </label>
  );
  return (
    <div className={styles['overview']}>
      <header>
        <h1>Gallery</h1>
        {select('orientation', orientation, Object.keys(sizes), (value) => setOrientation(value as keyof typeof sizes))}
        {select('mode', mode, ['standard', 'elder'], setMode)}
        {select('language', language, ['zh', 'en'], setLanguage)}
        {select('theme', theme, ['light', 'contrast'], setTheme)}
      </header>
      <ul>
        {names.map((name) => {
          const url = `?${new URLSearchParams({ screen: name, mode, lang: language, o: orientation, theme }).toString()}`;
          return (
            <li key={name}>
              <a href={url}>{name}</a>
              <div style={{ width: width * scale, height: height * scale }}>
                {/* The gallery itself, at its real size. */}
                {/* oxlint-disable-next-line react/iframe-missing-sandbox */}
                <iframe src={url} title={name} loading="lazy" style={{ width, height, transform: `scale(${scale})` }} />
              </div>
            </li>
          );
        })}
      </ul>
    </div>
  );
};

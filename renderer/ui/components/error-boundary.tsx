// A screen that breaks never turns white: it says so and offers to open again. The host still holds everything.

import { Component, type ReactNode } from 'react';
import styles from './error-boundary.module.css';

export type ErrorBoundaryProps = {
  /** Shown instead; gets how to try again. */
  fallback: (restart: () => void) => ReactNode;
  /** A change (a new view) tries again by itself. */
  resetKey?: string | number;
  children: ReactNode;
};
type State = { error: unknown; resetKey: string | number | undefined };

export class ErrorBoundary extends Component<ErrorBoundaryProps, State> {
  override state: State = { error: undefined, resetKey: this.props.resetKey };

  static getDerivedStateFromError(error: unknown): Partial<State> {
    return { error: error ?? new Error('unknown') };
  }

  static getDerivedStateFromProps(props: ErrorBoundaryProps, state: State): Partial<State> | null {
    return props.resetKey === state.resetKey ? null : { error: undefined, resetKey: props.resetKey };
  }

  override componentDidCatch(error: unknown): void {
    console.error('a screen broke', error);
  }

  override render(): ReactNode {
    if (this.state.error === undefined) return this.props.children;
    return <div className={styles['broken']}>{this.props.fallback(() => this.setState({ error: undefined }))}</div>;
  }
}

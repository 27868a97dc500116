// The pad for the hand signature: a canvas that follows one finger without a visible delay.
// Before it: pointer events. After it: strokes for the `sign` intent, given up at the end of each stroke.

import { useEffect, useLayoutEffect, useRef, type PointerEvent } from 'react';
import { beginStroke, drawStroke, extendStroke, inkPoint, type InkPoint, type Stroke } from './ink.ts';
import styles from './signature-pad.module.css';

export type SignaturePadProps = {
  label: string;
  /** Shown on the empty pad. */
  invitation: string;
  strokes: readonly Stroke[];
  onChange: (strokes: readonly Stroke[]) => void;
  isDisabled: boolean;
};

/** Width of the line as a share of the pad's height: a felt pen of about 2.5 mm. */
const penShare = 0.017;

const draw = (canvas: HTMLCanvasElement, strokes: readonly Stroke[]): void => {
  const pen = canvas.getContext('2d');
  if (pen === null) return;
  pen.clearRect(0, 0, canvas.width, canvas.height);
  pen.lineCap = 'round';
  pen.lineJoin = 'round';
  pen.lineWidth = canvas.height * penShare;
  pen.strokeStyle = getComputedStyle(canvas).color;
  for (const stroke of strokes) drawStroke(pen, stroke, canvas.width, canvas.height);
};

export const SignaturePad = ({ label, invitation, strokes, onChange, isDisabled }: SignaturePadProps) => {
  const canvas = useRef<HTMLCanvasElement>(null);
  /** What stands on the pad now; runs ahead of `strokes` while a finger is down. */
  const ink = useRef<readonly Stroke[]>(strokes);
  const finger = useRef<number>(undefined);
  const firstTouchMs = useRef<number>(undefined);
  const frame = useRef(0);

  useEffect(() => {
    ink.current = strokes;
    if (strokes.length === 0) firstTouchMs.current = undefined;
    if (canvas.current !== null) draw(canvas.current, strokes);
  }, [strokes]);

  useLayoutEffect(() => {
    const element = canvas.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => {
      const { width, height } = element.getBoundingClientRect();
      element.width = Math.max(1, Math.round(width * devicePixelRatio));
      element.height = Math.max(1, Math.round(height * devicePixelRatio));
      draw(element, ink.current);
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      cancelAnimationFrame(frame.current);
      // A signature is personal: its pixels go with the screen.
      element.width = 0;
      element.height = 0;
    };
  }, []);

  /** At most once a frame, however fast the panel reports. */
  const drawSoon = (): void => {
    if (frame.current !== 0) return;
    frame.current = requestAnimationFrame(() => {
      frame.current = 0;
      if (canvas.current !== null) draw(canvas.current, ink.current);
    });
  };

  const pointOf = (event: { clientX: number; clientY: number; timeStamp: number }): InkPoint => {
    const box = canvas.current?.getBoundingClientRect();
    firstTouchMs.current ??= event.timeStamp;
    return inkPoint(
      box ? (event.clientX - box.left) / box.width : 0,
      box ? (event.clientY - box.top) / box.height : 0,
      event.timeStamp - firstTouchMs.current,
    );
  };

  const down = (event: PointerEvent<HTMLCanvasElement>): void => {
    // The first finger writes; the ball of the hand that touches the glass meanwhile does not.
    if (isDisabled || finger.current !== undefined) return;
    finger.current = event.pointerId;
    event.currentTarget.setPointerCapture(event.pointerId);
    ink.current = beginStroke(ink.current, pointOf(event));
    drawSoon();
  };
  const move = (event: PointerEvent<HTMLCanvasElement>): void => {
    if (event.pointerId !== finger.current) return;
    const all = event.nativeEvent.getCoalescedEvents?.() ?? [];
    for (const each of all.length > 0 ? all : [event.nativeEvent])
      ink.current = extendStroke(ink.current, pointOf(each));
    drawSoon();
  };
  const lift = (event: PointerEvent<HTMLCanvasElement>): void => {
    if (event.pointerId !== finger.current) return;
    finger.current = undefined;
    onChange(ink.current);
  };

  return (
    <div className={styles['pad']} data-disabled={isDisabled || undefined}>
      {strokes.length === 0 && (
        <span className={styles['invitation']} aria-hidden="true">
          {invitation}
        </span>
      )}
      <span className={styles['baseline']} aria-hidden="true" />
      <canvas
        ref={canvas}
        className={styles['canvas']}
        role="img"
        aria-label={label}
        onPointerDown={down}
        onPointerMove={move}
        onPointerUp={lift}
        onPointerCancel={lift}
      />
    </div>
  );
};

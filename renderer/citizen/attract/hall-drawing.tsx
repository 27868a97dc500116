// A hall at the foot of the screen: roof, columns, lit doors. Lines only, in the ground's own colour, so that words stay in front.

const columns = [120, 200, 280, 360, 640, 720, 800, 880];

export const HallDrawing = ({ className }: { className: string }) => (
  <svg className={className} viewBox="0 0 1000 420" preserveAspectRatio="xMidYMax meet" aria-hidden="true">
    <path d="M0 400h1000M30 378h940M60 356h880" />
    <path d="M70 150L500 30l430 120v26H70z" />
    <path d="M150 150L500 56l350 94" />
    {columns.map((x) => (
      <path key={x} d={`M${x - 14} 176v180M${x + 14} 176v180M${x - 22} 190h44M${x - 22} 344h44`} />
    ))}
    <path className="lit" d="M414 356V226h172v130z" />
    <path d="M414 356V226h172v130M500 226v130M414 262h172M488 300v22M512 300v22" />
    <circle cx="500" cy="118" r="24" />
    <path d="M500 104v14l9 7" />
  </svg>
);

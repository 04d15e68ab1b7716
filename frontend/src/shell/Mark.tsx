/** The product's mark; decoration beside its name. */
export function Mark({ size = 26 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden focusable="false">
      <rect width="32" height="32" rx="7" fill="#05535b" />
      <path d="M6 13c0-4 4-6 9-6 6 0 11 2 11 5 0 5-6 6-9 10-2 3-5 4-8 2-2-2-3-6-3-11z" fill="#d2e8ea" />
      <g fill="#05535b">
        <rect x="10" y="15" width="2.4" height="4" />
        <rect x="13.6" y="12.5" width="2.4" height="6.5" />
        <rect x="17.2" y="10" width="2.4" height="9" />
      </g>
    </svg>
  );
}

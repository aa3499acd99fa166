import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const DOCS = new URL('../../docs/', import.meta.url);

/** Puts what was measured into docs/face-quality.md, between the two marks, and writes the plots beside it. */
export function writePage(figures: string, plots: Readonly<Record<string, string>>): void {
  const page = fileURLToPath(new URL('face-quality.md', DOCS));
  writeFileSync(page, withFigures(readFileSync(page, 'utf8'), figures));
  const folder = new URL('images/face-quality/', DOCS);
  mkdirSync(folder, { recursive: true });
  for (const [name, plot] of Object.entries(plots)) writeFileSync(new URL(name, folder), plot);
}

/** The page with what stands between the marks replaced. @throws Error if the marks are not there. */
export function withFigures(page: string, figures: string): string {
  const pattern = /(<!-- figures -->\n).*(<!-- end of figures -->)/s;
  if (!pattern.test(page)) throw new Error('docs/face-quality.md has no marks for the figures');
  return page.replace(pattern, (_, start: string, end: string) => `${start}\n${figures}\n\n${end}`);
}

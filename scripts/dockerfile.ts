import { DockerfileParser, type Instruction } from 'dockerfile-ast';

/** One step of a stage: its keyword and what stands after it, with continuation lines joined. */
export interface Step {
  readonly keyword: string;
  readonly text: string;
}

/** One stage of a Dockerfile. */
export interface Stage {
  /** The image or the stage it begins with, variables filled in. */
  readonly from: string;
  readonly name: string;
  readonly steps: readonly Step[];
}

/** The stages of a Dockerfile, in order. ARGs before the first FROM fill in the FROMs. */
export function stagesOf(dockerfile: string): readonly Stage[] {
  const lines = dockerfile.split('\n');
  const defaults = new Map<string, string>();
  const stages: { from: string; name: string; steps: Step[] }[] = [];
  for (const instruction of DockerfileParser.parse(dockerfile).getInstructions()) {
    const step = { keyword: instruction.getKeyword(), text: textOf(instruction, lines) };
    const stage = stages.at(-1);
    if (step.keyword === 'FROM') {
      const [image = '', , name = String(stages.length)] = step.text.split(/\s+/);
      const from = image.replace(/\$\{(\w+)\}/g, (_all, variable: string) => defaults.get(variable) ?? '');
      stages.push({ from, name, steps: [] });
    } else if (stage === undefined) {
      const [variable = '', value = ''] = step.text.split('=');
      defaults.set(variable, value);
    } else {
      stage.steps.push(step);
    }
  }
  return stages;
}

/** The command of an instruction in its JSON form; undefined where it is a line for a shell. */
export function execForm(text: string): readonly string[] | undefined {
  const json = /\[.*\]$/s.exec(text)?.[0];
  return json === undefined ? undefined : (JSON.parse(json) as string[]);
}

/** Everything behind the keyword, flags too, which the parser's own content leaves out. */
function textOf(instruction: Instruction, lines: readonly string[]): string {
  const { start, end } = instruction.getRange();
  const whole = lines.slice(start.line, end.line + 1).join('\n');
  return whole
    .slice(instruction.getInstruction().length)
    .replace(/\\\n\s*/g, ' ')
    .trim();
}

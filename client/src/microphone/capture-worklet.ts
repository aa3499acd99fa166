// The audio thread's script as a file of its own, for pages whose content security policy forbids `blob:`.
import { registerCapture } from './capture-processor.ts';

registerCapture();

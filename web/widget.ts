import { element } from './element.js';

/** What the vendor's script puts into the page; as much of it as is used here (its version 1.15, its README). */
interface VendorsWidget {
  init(options: {
    readonly container: string;
    readonly serverUrl: string;
    readonly authEnabled: boolean;
    readonly assetsBaseUrl: string;
    readonly onConnectionChange: (isConnected: boolean) => void;
    readonly onError: (error: unknown) => void;
  }): unknown;
}

declare global {
  interface Window {
    readonly AvatarChat?: VendorsWidget;
  }
}

/** Where the widget comes from. The policy of this page allows nothing else (src/http/page/policies.ts). */
const WIDGET = 'https://cdn.jsdelivr.net/npm/@myned-ai/avatar-chat-widget';

const state = element('state', HTMLElement);
const server = socketUrl();
element('server', HTMLElement).textContent = server;

const script = document.createElement('script');
script.src = WIDGET;
script.crossOrigin = 'anonymous';
script.referrerPolicy = 'no-referrer';
script.addEventListener('load', begin);
script.addEventListener('error', () => {
  state.textContent = `The widget could not be loaded from ${WIDGET}: this browser needs the internet for it. The server itself is not concerned.`;
});
document.head.append(script);

function begin(): void {
  if (window.AvatarChat === undefined) {
    state.textContent = `What came from ${WIDGET} is not the widget.`;
    return;
  }
  state.textContent = 'Loaded. Open it by its bubble, at the bottom right.';
  window.AvatarChat.init({
    container: '#avatar-chat',
    serverUrl: server,
    authEnabled: document.documentElement.dataset['auth'] === 'on',
    assetsBaseUrl: `${WIDGET}/public`,
    onConnectionChange: (isConnected) => {
      state.textContent = isConnected ? 'Connected.' : 'Not connected.';
    },
    onError: (error) => {
      state.textContent = `The widget says: ${error instanceof Error ? error.message : String(error)}`;
    },
  });
}

function socketUrl(): string {
  const url = new URL('./ws', location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  url.search = '';
  url.hash = '';
  return url.href;
}

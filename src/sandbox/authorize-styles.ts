import { Markup } from './html.js';

/** The phone page's style sheet: the whole screen on a phone, a card like one on a desktop. */
export const styles = new Markup(`
:root {
  --surface: light-dark(#fff, #13161d); --raised: light-dark(#f5f7fb, #1c2029);
  --line: light-dark(#e1e5ee, #2b303c); --text: light-dark(#12151d, #eef0f5);
  --muted: light-dark(#566075, #a4adbf); --tint: light-dark(#e8eeff, #1d2742);
  --accent: light-dark(#2457e6, #8fb0ff); --on-accent: light-dark(#fff, #0a1330);
  color-scheme: light dark; background: light-dark(#eef1f7, #090b10); color: var(--text);
  font: 400 1rem/1.45 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif;
  -webkit-text-size-adjust: 100%;
}
* { box-sizing: border-box; margin: 0; }
body { display: grid; min-block-size: 100dvh; }
.screen {
  display: grid; grid-template: auto 1fr auto / minmax(0, 1fr);
  inline-size: 100%; max-inline-size: 480px; margin: 0 auto;
  background: var(--surface); overflow-wrap: anywhere;
}
header, form { position: sticky; z-index: 1; padding: 14px 20px; background: var(--surface); }
header { inset-block-start: 0; display: flex; align-items: center; justify-content: space-between; gap: 12px; }
.badge {
  padding: 5px 12px; border-radius: 99px; font-size: 0.8125rem; font-weight: 600;
  background: light-dark(#fff0cc, #3a2d0d); color: light-dark(#6a4500, #ffd887);
}
svg {
  flex: none; inline-size: 22px; fill: none; stroke: currentcolor;
  stroke-width: 1.75; stroke-linecap: round; stroke-linejoin: round;
}
.logo { inline-size: 32px; color: var(--accent); }
main { padding: 12px 20px 20px; text-align: center; }
.pair { display: flex; align-items: center; justify-content: center; margin-block-end: 20px; }
.tile {
  display: grid; place-items: center; inline-size: 60px; block-size: 60px; border-radius: 18px;
  background: var(--tint); color: var(--accent); font-size: 1.625rem; font-weight: 650;
}
.tile:first-child { background: var(--accent); color: var(--on-accent); }
.tile svg { inline-size: 30px; }
.line { inline-size: 44px; margin-inline: 8px; border-block-start: 3px dotted var(--line); }
h1 {
  margin-block-end: 8px; font-size: 1.5rem; font-weight: 700; line-height: 1.2;
  letter-spacing: -0.015em; text-wrap: balance;
}
p { text-wrap: balance; }
main p, .value { color: var(--muted); }
ul {
  margin-block-start: 20px; padding: 0 14px; border: 1px solid var(--line); border-radius: 18px;
  background: var(--raised); list-style: none; text-align: start;
}
li { display: flex; gap: 14px; align-items: center; padding-block: 12px; }
li + li { border-block-start: 1px solid var(--line); }
li div { flex: 1; min-inline-size: 0; }
li span { display: block; }
li svg { color: var(--accent); }
li .icon { inline-size: 40px; padding: 9px; border-radius: 12px; background: var(--tint); }
.label { font-weight: 600; }
.value { font-size: 0.875rem; }
form {
  inset-block-end: 0; display: grid; gap: 10px; border-block-start: 1px solid var(--line);
  padding-block-end: max(20px, env(safe-area-inset-bottom));
}
button, .button {
  min-block-size: 52px; border: 1.5px solid light-dark(#838da1, #6f788b); border-radius: 14px;
  background: none; color: inherit; font: inherit; font-weight: 650; cursor: pointer;
}
button:nth-of-type(3) { grid-column: 1 / -1; }
button:hover { background: var(--raised); }
.primary, .primary:hover { border-color: transparent; background: var(--accent); color: var(--on-accent); }
.primary:hover { filter: brightness(1.08); }
.button:focus-visible, button:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; }
.ended { place-self: center; padding-block-end: 64px; }
.ended p { max-inline-size: 32ch; margin-inline: auto; }
.state {
  inline-size: 92px; margin-block-end: 20px; padding: 18px; border-radius: 50%; stroke-width: 2;
  background: color-mix(in oklab, currentcolor 13%, transparent);
}
.success .state { color: light-dark(#0b7a4b, #6fdca8); }
.danger .state { color: light-dark(#b3261e, #ffb4ab); }
.quiet .state { color: var(--muted); }
.ended .hint { margin-block-start: 20px; font-size: 0.875rem; }
.button {
  display: inline-grid; place-items: center; margin-block-start: 28px; padding-inline: 28px;
  text-decoration: none;
}
@media (width > 480px) {
  body { place-items: center; padding: 32px; }
  .screen {
    max-inline-size: 430px; min-block-size: min(780px, 100dvh - 64px);
    border: 1px solid var(--line); border-radius: 32px;
    box-shadow: 0 24px 60px light-dark(#1c2b5220, #0006);
  }
  header { border-radius: 32px 32px 0 0; }
  form { border-radius: 0 0 32px 32px; }
}
/* Little room between the two bars, as in a small frame, with large text, on a phone on its side. */
@media (height < 600px) {
  .pair { display: none; }
  form { grid-template-columns: 1fr 1fr; }
}
@media (height < 360px) { form { position: static; } }
`);

import { TAG, tagWith, type OddPage } from './odd-site.js';

/** With `tag`, and a place to put it. */
function scripted(script: string, before = '<main></main>'): OddPage {
  return {
    body: `${before}<script>const main = document.querySelector('main');${script}</script>`,
  };
}

function inside(start: string, end: string, rest: Omit<OddPage, 'body'> = {}): OddPage {
  return { body: `${start}${TAG}${end}`, ...rest };
}

/** Whatever the sheet says, scripts are not to be read. */
function styled(css: string): OddPage {
  const scripts = 'html head, html script { display: none !important }';
  return { head: `<style>${css} ${scripts}</style>`, body: TAG };
}

/** A shadow root of which nothing gets out by itself. */
const CLOSED = `
  const root = main.attachShadow({ mode: 'closed' });
  listenTo(root);`;

/** Where in a page the element may be. */
export const PLACES: Record<string, OddPage> = {
  'a closed shadow root': scripted(`${CLOSED}
    root.innerHTML = '${TAG}';
    globalThis.tag = root.firstChild;`),
  'a closed shadow root in an open one, three deep': scripted(`
    let root = main.attachShadow({ mode: 'open' });
    for (const mode of ['closed', 'open']) {
      root.innerHTML = '<section></section>';
      root = root.firstChild.attachShadow({ mode });
    }
    listenTo(root);
    root.innerHTML = '${TAG}';
    globalThis.tag = root.firstChild;`),
  'a slot of another element': scripted(`
    main.innerHTML = '${TAG}';
    main.attachShadow({ mode: 'open' }).innerHTML = '<slot></slot>';`),
  'a declarative shadow root': scripted(
    'globalThis.tag = main.shadowRoot.firstElementChild; listenTo(main.shadowRoot);',
    `<main><template shadowrootmode="open">${TAG}</template></main>`,
  ),
  'a template, and then a copy of it': scripted(
    `
    const { content } = document.querySelector('template');
    addEventListener('load', () => {
      const inert = content.querySelector('didit-verify');
      if (inert.state !== undefined) said.push('It lives in the template.');
      main.append(content.cloneNode(true));
      globalThis.tag = main.firstElementChild;
    });`,
    `<template>${TAG}</template><main></main>`,
  ),
  'a document without a window, and then adopted': scripted(`
    const other = document.implementation.createHTMLDocument();
    other.body.innerHTML = '${TAG}';
    addEventListener('load', () => main.append(document.adoptNode(other.body.firstChild)));`),
  'a document without a window, and then imported': scripted(`
    const other = new DOMParser().parseFromString('${TAG}', 'text/html');
    addEventListener('load', () => {
      main.append(document.importNode(other.body.firstChild, true));
    });`),
  'made here, and then moved into a frame': scripted(`
    const frame = document.createElement('iframe');
    Object.assign(frame, { width: 460, height: 600 });
    main.append(frame);
    globalThis.tag = document.createElement('didit-verify');
    for (const [name, value] of [['resolver-url', '/session'], ['allowed-hosts', '127.0.0.1']]) {
      tag.setAttribute(name, value);
    }
    main.append(tag);
    addEventListener('load', () => {
      // An empty frame of Firefox is loaded anew by now.
      setTimeout(() => {
        listenTo(frame.contentDocument);
        frame.contentDocument.body.append(tag);
      });
    });`),
  'a foreignObject of a drawing': inside(
    '<svg width="500" height="600"><foreignObject width="500" height="600">',
    '</foreignObject></svg>',
  ),
  'a page in quirks mode': { doctype: '', body: `<title>Quirks</title>${TAG}` },
  // These are carried through to the end; what they look like is in `STYLES`, as other sheets are.
  'a page that sets nothing of any element': styled('* { all: unset }'),
  'a page that sets all of every element, and importantly': styled('* { all: initial !important }'),
  'a page in almost standards mode': {
    doctype: '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "">',
    body: TAG,
  },
  'what document.write writes': { body: `<script>document.write('${TAG}');</script>` },
  'what document.write writes over the page': {
    body: `<script>
      addEventListener('load', () => setTimeout(() => {
        document.open();
        listenTo(document);
        document.write('<!doctype html>${TAG}');
        document.close();
      }));
    </script>`,
  },
  'a cell of a table': inside('<table border><tr><th>Who?<td>', '</table>'),
  'a table, where none may be': inside('<table><tr>', '<td>Cell</table>'),
  'a label': inside('<label>Who? ', '</label>'),
  'a button': inside('<button type="button">', '</button>'),
  'a link': inside('<a href="#there">', '</a>'),
  'a paragraph, in bold': inside('<p><b><i>', '</i></b></p>'),
  'a definition list': inside('<dl><dt>', '</dl>'),
  'a form, with a name': inside('<form id="form">', '</form>'),
  'what can be edited': inside('<div contenteditable>Text ', ' text</div>'),
  'a page in design mode': inside('<script>document.designMode = "on"</script>', ''),
  'what is inert': inside('<div inert>', '</div>'),
  'what is hidden': inside('<div hidden>', '</div>', { isUnseen: true }),
  'what is hidden until found': inside('<div hidden="until-found">', '</div>', { isUnseen: true }),
  'what is not drawn': inside('<div style="content-visibility: hidden">', '</div>', {
    isUnseen: true,
  }),
  'what is drawn where it is seen': inside('<div style="content-visibility: auto">', '</div>'),
  'boxes without a box': inside('<div style="display: contents">', '</div>'),
  'a closed disclosure': inside('<details><summary>Who?</summary>', '</details>', {
    isUnseen: true,
  }),
  'an open disclosure': inside('<details open><summary>Who?</summary>', '</details>'),
  'the summary of a disclosure': inside('<details><summary>', '</summary></details>'),
  'a modal dialog': inside(
    '<dialog>',
    '</dialog><script>document.querySelector("dialog").showModal()</script>',
  ),
  'a closed dialog': inside('<dialog>', '</dialog>', { isUnseen: true }),
  'a popover that is shown': inside(
    '<div popover>',
    '</div><script>document.querySelector("[popover]").showPopover()</script>',
  ),
  'a fieldset that is disabled, and then not': inside(
    '<form><fieldset disabled>',
    `</fieldset></form><script>
      addEventListener('load', () => {
        if (heardThere.length) said.push('It has begun, though disabled.');
        document.querySelector('fieldset').disabled = false;
      });
    </script>`,
  ),
  'a dialog of its own, in a modal dialog': {
    body: `<dialog>${tagWith('resolver-url="/session" presentation="dialog"')}</dialog><script>
      document.querySelector('dialog').showModal();
      document.querySelector('didit-verify').showModal();
    </script>`,
  },
  'a dialog of its own, in a closed shadow root': scripted(`${CLOSED}
    root.innerHTML = '${tagWith('resolver-url="/session" presentation="dialog"')}';
    globalThis.tag = root.firstChild;
    tag.showModal();`),
  'a page with a base of another origin': {
    body: `<base href="https://elsewhere.example/"><main></main><script>
      document.querySelector('main').innerHTML =
        '${TAG}'.replace('/session', location.origin + '/session');
    </script>`,
  },
  'after the body': {
    body: `<script>document.documentElement.insertAdjacentHTML('beforeend', '${TAG}');</script>`,
  },
};

import { readFile } from 'node:fs/promises';
import { edited } from './edited.mjs';

/**
 * What the single files leave out of Lit, by file and by why nothing there reaches it. Their whole
 * code is known: one element, its templates, and the browsers that have all that these need (of
 * 2024). A subclass may have its own styles, properties, life cycle methods and templates; what
 * none would have is said to be so. The npm build has all of Lit, which is an import there.
 *
 * Each text is one of Lit's published, minified files, and must be there once: a new version of Lit
 * needs a look at all of them, and its names in the places that are kept may well be others.
 */
const LEFT_OUT = {
  '@lit/reactive-element/css-tag.js': [
    // For browsers without shadow trees, or without a method of the style sheets that they have.
    [
      't.ShadowRoot&&(void 0===t.ShadyCSS||t.ShadyCSS.nativeShadow)&&"adoptedStyleSheets"in Document.prototype&&"replace"in CSSStyleSheet.prototype',
      '"adoptedStyleSheets"in Document.prototype',
    ],
    // For sheets of a page that took from itself the means to adopt them.
    [
      'c=e?t=>t:t=>t instanceof CSSStyleSheet?(t=>{let e="";for(const s of t.cssRules)e+=s.cssText;return r(e)})(t):t',
      'c=t=>t',
    ],
    // Nobody is given the class, so nobody constructs a sheet by it; and each is made once.
    [
      'if(this._$cssResult$=!0,o!==s)throw Error("CSSResult is not constructable. Use `unsafeCSS` or `css` instead.");',
      'this._$cssResult$=!0;',
    ],
    [
      'if(e&&void 0===t){const e=void 0!==s&&1===s.length;e&&(t=o.get(s)),void 0===t&&((this.o=t=new CSSStyleSheet).replaceSync(this.cssText),e&&o.set(s,t))}',
      'void 0===t&&(this.o=t=new CSSStyleSheet).replaceSync(this.cssText);',
    ],
    ['const s=this.t;', ''],
    // The one style sheet has no values in it; `css` itself is not exported.
    [
      'const o=1===t.length?t[0]:e.reduce((e,s,o)=>e+(t=>{if(!0===t._$cssResult$)return t.cssText;if("number"==typeof t)return t;throw Error("Value passed to \'css\' function must be a \'css\' function result: "+t+". Use \'unsafeCSS\' to pass non-literal values, but take care to ensure page security.")})(s)+t[o+1],t[0]);return new n(o,t,s)',
      'return new n(t[0])',
    ],
    ['constructor(t,e,o){', 'constructor(t){'],
    ['this.cssText=t,this.t=e}', 'this.cssText=t}'],
  ],
  '@lit/reactive-element/reactive-element.js': [
    // For browsers without shadow trees.
    [',p=a.reactiveElementPolyfillSupport', ''],
    ['p?.({ReactiveElement:y}),', ''],
    // For decorators, which the files have none of.
    ['Symbol.metadata??=Symbol("metadata"),a.litPropertyMetadata??=new WeakMap;', ''],
    [
      'const t=this[Symbol.metadata];if(null!==t){const s=litPropertyMetadata.get(t);if(void 0!==s)for(const[t,i]of s)this.elementProperties.set(t,i)}',
      '',
    ],
    ['static addInitializer(t){this._$Ei(),(this.l??=[]).push(t)}', ''],
    [',void 0!==t.l&&(this.l=[...t.l])', ''],
    [',this.constructor.l?.forEach(t=>t(this))', ''],
    // No attribute holds JSON. Of a subclass, one with a `converter` may.
    ['break;case Object:case Array:t=null==t?t:JSON.stringify(t)', ''],
    ['break;case Object:case Array:try{i=JSON.parse(t)}catch(t){i=null}', ''],
    // What says that a property has accessors of its own, whose first value then counts as changed:
    // `disabled` alone has, and nobody asks whether it is changed.
    [
      'const t=this.constructor.elementProperties;if(t.size>0)for(const[s,i]of t){const{wrapped:t}=i,e=this[s];!0!==t||this._$AL.has(s)||void 0===e||this.C(s,void 0,i,e)}',
      '',
    ],
    ['this.prototype.hasOwnProperty(t)&&((s=Object.create(s)).wrapped=!0),', ''],
    ['C(t,s,{useDefault:i,reflect:e,wrapped:h},r)', 'C(t,s,{useDefault:i,reflect:e})'],
    ['(this._$Ej.set(t,r??s??this[t]),!0!==h||void 0!==r)||', 'this._$Ej.set(t,s??this[t])||'],
    // For reflected attributes that would be scripts.
    ['c=a.trustedTypes,l=c?c.emptyScript:"",', ''],
    ['t=t?l:null', 't=t?"":null'],
    // The element makes its shadow root by itself.
    [
      'createRenderRoot(){const t=this.shadowRoot??this.attachShadow(this.constructor.shadowRootOptions);return s(t,this.constructor.elementStyles),t}',
      '',
    ],
    ['y.shadowRootOptions={mode:"open"},', ''],
    // For a compiler that shortens names, which Lit's own build has already done away with.
    ['d=(t,s)=>t,', ''],
    ['this.hasOwnProperty(d("elementProperties"))', 'this.hasOwnProperty("elementProperties")'],
    ['this.hasOwnProperty(d("finalized"))', 'this.hasOwnProperty("finalized")'],
    ['this.hasOwnProperty(d("properties"))', 'this.hasOwnProperty("properties")'],
    ['y[d("elementProperties")]', 'y.elementProperties'],
    ['y[d("finalized")]', 'y.finalized'],
  ],
  'lit-element/lit-element.js': [
    [
      'createRenderRoot(){const t=super.createRenderRoot();return this.renderOptions.renderBefore??=t.firstChild,t}',
      '',
    ],
    // For server-rendered elements that go on in the page, and browsers without shadow trees.
    [
      'i._$litElement$=!0,i["finalized"]=!0,s.litElementHydrateSupport?.({LitElement:i});const o=s.litElementPolyfillSupport;o?.({LitElement:i});',
      'i["finalized"]=!0;',
    ],
    // For directives that go on by themselves (`until`, `asyncAppend`), of which there is none.
    ['this.hasUpdated||(this.renderOptions.isConnected=this.isConnected),', ''],
    [',this._$Do=void 0', ''],
    ['this._$Do=e(', 'e('],
    [
      'connectedCallback(){super.connectedCallback(),this._$Do?.setConnected(!0)}disconnectedCallback(){super.disconnectedCallback(),this._$Do?.setConnected(!1)}',
      '',
    ],
  ],
  'lit-html/lit-html.js': [
    [',B=t.litHtmlPolyfillSupport;B?.(S,k),', ';'],
    // Directives that go on by themselves, as above.
    ['setConnected(t){void 0===this._$AM&&(this._$Cv=t,this._$AP?.(t))}', ''],
    ['get _$AU(){return this._$AM?._$AU??this._$Cv}', 'get _$AU(){return!0}'],
    [',this._$Cv=e?.isConnected??!0', ''],
    ['for(this._$AP?.(!1,!0,s);', 'for(;'],
    ['h?._$AO?.(!1),', ''],
    ['this._$AV=[],this._$AN=void 0,', 'this._$AV=[],'],
    ['this._$AH=A,this._$AN=void 0,this._$AA', 'this._$AH=A,this._$AA'],
    [
      'this._$AH=A,this._$AN=void 0,this.element=t,this.name',
      'this._$AH=A,this.element=t,this.name',
    ],
    // What directives ask a part for; `keyed` asks for nothing.
    ['get startNode(){return this._$AA}get endNode(){return this._$AB}', ''],
    [
      'get parentNode(){let t=this._$AA.parentNode;const i=this._$AM;return void 0!==i&&11===t?.nodeType&&(t=i.parentNode),t}',
      '',
    ],
    ['get parentNode(){return this._$AM.parentNode}', ''],
    ['get tagName(){return this.element.tagName}', ''],
    // Templates of MathML, and those that a compiler has prepared.
    ['2===i?"<svg>":3===i?"<math>":""', '2===i?"<svg>":""'],
    ['2===i?"</svg>":3===i?"</math>":""', '2===i?"</svg>":""'],
    ['2===i||3===i', '2===i'],
    [
      'const{values:i,_$litType$:s}=t,e="number"==typeof s?this._$AC(t):(void 0===s.el&&(s.el=S.createElement(V(s.h,s.h[0]),this.options)),s);',
      'const{values:i}=t,e=this._$AC(t);',
    ],
    // Values within `<script>`, `<style>`, `<textarea>`, `<title>` and comments, as the name of a
    // tag and on elements, and comments with a part of a tag in them.
    [
      'if(y.test(r.tagName)){const t=r.textContent.split(o),i=t.length-1;if(i>0){r.textContent=s?s.emptyScript:"";for(let s=0;s<i;s++)r.append(t[s],c()),P.nextNode(),d.push({type:2,index:++l});r.append(t[i],c())}}',
      '',
    ],
    ['y=/^(?:script|style|textarea|title)$/i,', ''],
    ['let n,l=', 'let l='],
    [
      'v=/<(?:(!--|\\/[^a-zA-Z])|(\\/?[a-zA-Z][^>\\s]*)|(\\/?$))/g,_=/-->/g,m=/>/g,',
      'v=/<\\/?[a-zA-Z][^>\\s]*/g,',
    ],
    [
      'c===v?"!--"===u[1]?c=_:void 0!==u[1]?c=m:void 0!==u[2]?(y.test(u[2])&&(n=RegExp("</"+u[2],"g")),c=p):void 0!==u[3]&&(c=p):c===p?">"===u[0]?(c=n??v,d=-1):void 0===u[1]?d=-2:(d=',
      'c===v?c=p:c===p?">"===u[0]?(c=v,d=-1):(d=',
    ],
    [':c===$||c===g?c=p:c===_||c===m?c=v:(c=p,n=void 0)', ':c=p'],
    ['("|\')|))|$)`,"g")', '("|\')|)))`,"g")'],
    ['(-2===d?i:x)', 'x'],
    [
      'if(r.data===n)d.push({type:2,index:l});else{let t=-1;for(;-1!==(t=r.data.indexOf(o,t+1));)d.push({type:7,index:l}),t+=o.length-1}',
      'r.data===n&&d.push({type:2,index:l});',
    ],
    ['else t.startsWith(o)&&(d.push({type:6,index:l}),r.removeAttribute(t));', ''],
    [
      'let i;2===r.type?i=new k(h,h.nextSibling,this,t):1===r.type?i=new r.ctor(h,r.name,r.strings,this,t):6===r.type&&(i=new Z(h,this,t)),this._$AV.push(i),',
      'this._$AV.push(2===r.type?new k(h,h.nextSibling,this,t):new r.ctor(h,r.name,r.strings,this,t)),',
    ],
    ['void 0!==s&&(void 0!==s.strings?', '(void 0!==s.strings?'],
    // Listeners are functions, with no options, and `this` is the element.
    [
      'e=t===A&&s!==A||t.capture!==s.capture||t.once!==s.once||t.passive!==s.passive',
      'e=t===A&&s!==A',
    ],
    [
      '"function"==typeof this._$AH?this._$AH.call(this.options?.host??this.element,t):this._$AH.handleEvent(t)',
      'this._$AH.call(this.options.host,t)',
    ],
    // Only a whole shadow root is rendered into, of the page's own registry or by the tag it has.
    ['(t?.creationScope??l).importNode', 'l.importNode'],
    [
      'const e=s?.renderBefore??i;let h=e._$litPart$;if(void 0===h){const t=s?.renderBefore??null;e._$litPart$=h=new k(i.insertBefore(c(),t),t,void 0,s??{})}return h._$AI(t),h',
      '(i._$litPart$??=new k(i.appendChild(c()),null,void 0,s))._$AI(t)',
    ],
  ],
  // What `keyed` does not use.
  'lit-html/directive.js': [
    ['constructor(t){}get _$AU(){return this._$AM._$AU}', ''],
    ['_$AT(t,e,i){this._$Ct=t,this._$AM=e,this._$Ci=i}', '_$AT(){}'],
  ],
};

/** Rollup plugin: leaves out of Lit what is not reached. */
export function litCore() {
  return {
    name: 'lit-core',
    async load(id) {
      const file = id.replaceAll('\\', '/').split('/node_modules/').at(-1);
      const leftOut = LEFT_OUT[file];
      if (!leftOut) return null;
      return edited(await readFile(id, 'utf8'), leftOut, file, 'scripts/lit-core.mjs');
    },
  };
}

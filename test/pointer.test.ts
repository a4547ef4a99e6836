import { expect } from '@open-wc/testing';
import sinon from 'sinon';
import { Pointer } from '../src/pointer.js';

/** The main pointer as a test sets it, and who listens to it. */
class FakePointer extends EventTarget {
  matches = false;
  listening = 0;

  override addEventListener(
    ...[type, listener, options]: Parameters<EventTarget['addEventListener']>
  ) {
    this.listening++;
    (options as AddEventListenerOptions).signal!.addEventListener('abort', () => this.listening--);
    super.addEventListener(type, listener, options);
  }

  become(isCoarse: boolean) {
    this.matches = isCoarse;
    this.dispatchEvent(new Event('change'));
  }
}

describe('Pointer', () => {
  let media: FakePointer;
  let matchMedia: sinon.SinonStub;
  let host: ReturnType<typeof fakeHost>;
  let pointer: Pointer;

  function fakeHost() {
    return {
      addController: sinon.fake(),
      removeController: () => {},
      requestUpdate: sinon.fake(),
      updateComplete: Promise.resolve(true),
    };
  }

  beforeEach(() => {
    media = new FakePointer();
    matchMedia = sinon.stub(window, 'matchMedia').returns(media as unknown as MediaQueryList);
    host = fakeHost();
    pointer = new Pointer(host);
  });
  afterEach(() => matchMedia.restore());

  it('lives with its host, and asks nothing before that is in a page', () => {
    expect(host.addController.args).to.deep.equal([[pointer]]);
    expect(matchMedia.called).to.equal(false);
    expect(pointer.isCoarse).to.equal(false);
  });

  it('asks for the main pointer, not for the size of the screen', () => {
    media.matches = true;
    pointer.hostConnected();
    expect(matchMedia.args).to.deep.equal([['(pointer: coarse)']]);
    expect(pointer.isCoarse).to.equal(true);
  });

  it('draws its host anew when the pointer becomes another', () => {
    pointer.hostConnected();
    host.requestUpdate.resetHistory();
    media.become(true);
    expect(host.requestUpdate.callCount).to.equal(1);
    expect(pointer.isCoarse).to.equal(true);
    media.become(false);
    expect(host.requestUpdate.callCount).to.equal(2);
    expect(pointer.isCoarse).to.equal(false);
  });

  it('draws it anew when it is put back, whatever has changed meanwhile', () => {
    pointer.hostConnected();
    pointer.hostDisconnected();
    host.requestUpdate.resetHistory();
    media.become(true);
    expect(host.requestUpdate.called).to.equal(false);
    pointer.hostConnected();
    expect(host.requestUpdate.callCount).to.equal(1);
  });

  it('listens once however often its host is moved, and not at all when that is gone', () => {
    pointer.hostConnected();
    pointer.hostConnected();
    expect(media.listening).to.equal(1);
    host.requestUpdate.resetHistory();
    media.become(true);
    expect(host.requestUpdate.callCount).to.equal(1);
    pointer.hostDisconnected();
    expect(media.listening).to.equal(0);
    media.become(false);
    expect(host.requestUpdate.callCount).to.equal(1);
  });

  it('may lose a host that was never there', () => {
    expect(() => pointer.hostDisconnected()).to.not.throw();
  });
});

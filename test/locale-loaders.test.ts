import { expect } from '@open-wc/testing';
import { localeLoaders } from '../src/locale-loaders.js';
import { registeredLocale } from '../src/locale-registry.js';

describe('localeLoaders', () => {
  for (const [key, load] of Object.entries(localeLoaders)) {
    it(`${key}: its module registers it under this name`, async () => {
      await load();
      expect(registeredLocale(key)).to.have.property('heading');
    });
  }
});

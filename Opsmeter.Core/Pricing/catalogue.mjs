// Writes the price catalogue of @pydantic/genai-prices as JSON, for embedding. The package keeps it in a private array;
// its public findProvider calls find() on that array, which is where it is taken from. Numbers become decimal text, so
// that no price passes through a binary fraction on the other side.
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const [packageFolder, output] = process.argv.slice(2);
const Providers = 43;
const Models = 1694;

function fail(reason) {
  console.error(`The price catalogue could not be read: ${reason}. ` +
    'Check the version of @pydantic/genai-prices in package.json against Opsmeter.Core/Pricing/catalogue.mjs.');
  process.exit(1);
}

const { version } = JSON.parse(readFileSync(`${packageFolder}/package.json`, 'utf8'));
const prices = await import(pathToFileURL(`${packageFolder}/dist/index.js`));
if (typeof prices.findProvider !== 'function') {
  fail('the package no longer exports findProvider');
}

let catalogue = null;
const find = Array.prototype.find;
Array.prototype.find = function (...rest) {
  if (this[0]?.models && this[0]?.id) {
    catalogue = this;
  }
  return find.apply(this, rest);
};
try {
  prices.findProvider({ providerId: 'openai' });
} finally {
  Array.prototype.find = find;
}

if (!Array.isArray(catalogue)) {
  fail('findProvider did not search an array of providers');
}
const models = catalogue.reduce((count, provider) => count + provider.models.length, 0);
if (catalogue.length !== Providers || models !== Models) {
  fail(`expected ${Providers} providers and ${Models} models, found ${catalogue.length} and ${models}`);
}

function decimalText(value) {
  const text = String(value);
  return /e/i.test(text) ? value.toFixed(20).replace(/\.?0+$/, '') : text;
}

const provider = ({ id, name, provider_match, model_match, fallback_model_providers, models }) => ({
  id, name, provider_match, model_match, fallback_model_providers,
  models: models.map(({ id, name, match, context_window, deprecated, prices }) => ({
    id, name, match, context_window, deprecated,
    prices: Array.isArray(prices) ? prices : [{ prices }],
  })),
});
const text = JSON.stringify(
  { source: 'genai-prices', version, providers: catalogue.map(provider) },
  (key, value) => (typeof value === 'number' ? decimalText(value) : value));
writeFileSync(output, text);

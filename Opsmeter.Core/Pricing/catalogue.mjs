// Writes the price catalogue of @pydantic/genai-prices as JSON for embedding: node catalogue.mjs <root> <output>.
// The package keeps it in a private array; `findProvider` calls `find` on that array, which is where it is taken from.
// Anything of another shape stops the build here, in words, rather than pricing requests wrongly later.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [root, output] = process.argv.slice(2);
const expected = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).priceCatalogue;
const folder = join(root, 'node_modules/@pydantic/genai-prices');
const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

const check = (condition, text) => {
  if (!condition) {
    console.error(`catalogue: error OPM0010: ${text}`);
    process.exit(1);
  }
};

const capture = async () => {
  const { findProvider } = await import(pathToFileURL(join(folder, 'dist/index.js')));
  check(typeof findProvider === 'function', '@pydantic/genai-prices no longer exports findProvider.');
  const find = Array.prototype.find;
  let captured = null;
  Array.prototype.find = function (...rest) {
    if (captured === null && Array.isArray(this[0]?.models)) {
      captured = this;
    }
    return find.apply(this, rest);
  };
  try {
    findProvider({ providerId: 'openai' });
  } finally {
    Array.prototype.find = find;
  }
  check(captured !== null, '@pydantic/genai-prices no longer searches its providers with find; catalogue.mjs has to learn the new way.');
  return captured;
};

// Prices leave as decimal text, so that no reader takes them through binary floating point again.
const decimal = (value, where) => {
  check(typeof value === 'number' && Number.isFinite(value) && value >= 0, `${where} is ${JSON.stringify(value)}, not a price of 0 or more.`);
  const text = String(value);
  if (!/e/i.test(text)) {
    return text;
  }
  const [digits, exponent] = text.toLowerCase().split('e');
  const [whole, fraction = ''] = digits.split('.');
  const all = whole + fraction;
  const point = whole.length + Number(exponent);
  check(point <= all.length, `${where} is ${text}, too large to be a price.`);
  return point > 0 ? `${all.slice(0, point)}.${all.slice(point)}` : `0.${'0'.repeat(-point)}${all}`;
};

const clauseKinds = new Set(['equals', 'starts_with', 'ends_with', 'contains', 'regex', 'or', 'and']);
const clause = (value, where) => {
  const kinds = Object.keys(value ?? {});
  check(kinds.length === 1 && clauseKinds.has(kinds[0]), `${where} has the clause ${JSON.stringify(value)}, which is none of ${[...clauseKinds].join(', ')}.`);
  const [kind] = kinds;
  if (kind === 'or' || kind === 'and') {
    check(Array.isArray(value[kind]) && value[kind].length > 0, `${where} has an empty "${kind}".`);
    return { [kind]: value[kind].map(part => clause(part, where)) };
  }
  check(typeof value[kind] === 'string' && value[kind].length > 0, `${where} has an empty "${kind}".`);
  return { [kind]: value[kind] };
};

const rates = (prices, where) => Object.fromEntries(Object.entries(prices)
  .filter(([, value]) => value !== undefined && value !== null)
  .map(([key, value]) => {
    if (typeof value !== 'object') {
      return [key, decimal(value, `${where} ${key}`)];
    }
    const known = Object.keys(value).every(name => name === 'base' || name === 'tiers');
    check(known && Array.isArray(value.tiers), `${where} ${key} is neither a number nor {base, tiers}.`);
    return [key, {
      base: decimal(value.base, `${where} ${key}`),
      tiers: value.tiers.map(tier => {
        check(Number.isSafeInteger(tier.start) && tier.start >= 0, `${where} ${key} has a tier that starts at ${tier.start}.`);
        return { start: tier.start, price: decimal(tier.price, `${where} ${key}`) };
      }),
    }];
  }));

const constraint = (value, where) => {
  if (value?.type === 'start_date') {
    check(/^\d{4}-\d\d-\d\d$/.test(value.start_date), `${where} starts on ${JSON.stringify(value.start_date)}, not a date.`);
    return { startDate: value.start_date };
  }
  const time = /^\d\d:\d\d:\d\dZ$/;
  check(value?.type === 'time_of_date' && time.test(value.start_time) && time.test(value.end_time),
    `${where} has the constraint ${JSON.stringify(value)}, neither a start date nor a time of day in UTC.`);
  return { startTime: value.start_time.slice(0, 8), endTime: value.end_time.slice(0, 8) };
};

const prices = (value, where) => {
  check(value !== null && typeof value === 'object', `${where} has no prices.`);
  const list = Array.isArray(value) ? value : [{ prices: value }];
  check(list.length > 0, `${where} has an empty list of prices.`);
  return list.map(entry => ({
    ...(entry.constraint ? constraint(entry.constraint, where) : {}),
    rates: rates(entry.prices, where),
  }));
};

const model = (value, provider) => {
  const where = `${provider}/${value.id}`;
  check(typeof value.id === 'string' && value.id.length > 0, `${provider} has a model without an id.`);
  return {
    id: value.id,
    name: value.name ?? null,
    contextWindow: value.context_window ?? null,
    deprecated: value.deprecated ?? false,
    match: clause(value.match, where),
    prices: prices(value.prices, where),
  };
};

check(version === expected.version,
  `@pydantic/genai-prices ${version} is installed and package.json describes ${expected.version}: bring "priceCatalogue" (version, published, counts) up to date with the package.`);
const captured = await capture();
const providers = captured.map(value => {
  check(typeof value.id === 'string' && value.id === value.id.toLowerCase(), `a provider has the id ${JSON.stringify(value.id)}.`);
  return {
    id: value.id,
    name: value.name,
    match: value.provider_match ? clause(value.provider_match, value.id) : null,
    modelMatch: value.model_match ? clause(value.model_match, value.id) : null,
    fallback: value.fallback_model_providers ?? [],
    models: value.models.map(entry => model(entry, value.id)),
  };
});
const models = providers.reduce((sum, provider) => sum + provider.models.length, 0);
check(providers.length === expected.providers && models === expected.models,
  `@pydantic/genai-prices ${version} has ${providers.length} providers and ${models} models; ${expected.providers} and ${expected.models} were expected.`);

mkdirSync(dirname(output), { recursive: true });
writeFileSync(output, JSON.stringify({ source: 'genai-prices', version, published: expected.published, providers }));

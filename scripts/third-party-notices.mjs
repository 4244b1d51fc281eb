// Writes what Opsmeter ships of others, with its licences: node third-party-notices.mjs <project.assets.json> <root> <output>.
// NuGet packages come from the restored web project, npm packages and fonts from node_modules; nothing is typed by hand.
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const [assetsFile, root, output] = process.argv.slice(2);

const licenceText = folder => {
  const file = readdirSync(folder, { withFileTypes: true })
    .find(entry => entry.isFile() && /^(licen[cs]e|copying)(\.(txt|md))?$/i.test(entry.name));
  return file ? readFileSync(join(folder, file.name), 'utf8').replace(/\r\n/g, '\n').trim() : null;
};

const mit = copyright => `MIT License

${copyright}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;

const plain = text => text?.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&amp;/g, '&').trim();

const nuget = () => {
  const assets = JSON.parse(readFileSync(assetsFile, 'utf8'));
  const target = Object.values(assets.targets)[0];
  const ships = entry => ['runtime', 'runtimeTargets', 'native', 'contentFiles', 'build']
    .some(kind => Object.keys(entry[kind] ?? {}).some(file => !file.endsWith('_._')));
  return Object.entries(target).filter(([, entry]) => entry.type === 'package' && ships(entry)).map(([key]) => {
    const [name, version] = key.split('/');
    const library = assets.libraries[key];
    const folder = Object.keys(assets.packageFolders).map(base => join(base, library.path)).find(existsSync);
    const nuspec = readFileSync(join(folder, library.files.find(file => file.endsWith('.nuspec'))), 'utf8');
    const element = tag => plain(nuspec.match(new RegExp(`<${tag}(?:\\s[^>]*)?>([\\s\\S]*?)</${tag}>`))?.[1]);
    const isFile = /<license\s+type="file"/.test(nuspec);
    const licence = isFile ? null : element('license');
    const copyright = element('copyright') ?? `Copyright (c) ${element('authors')}`;
    const text = isFile
      ? readFileSync(join(folder, element('license').replaceAll('\\', '/')), 'utf8').replace(/\r\n/g, '\n').trim()
      : licenceText(folder) ?? (licence === 'MIT' ? mit(copyright) : copyright);
    return { name, version, licence: licence ?? (isFile ? 'see below' : element('licenseUrl') ?? 'not stated'), home: element('projectUrl'), text };
  });
};

const npm = () => {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  return Object.entries(lock.packages).filter(([path]) => path !== '').map(([path, entry]) => {
    const folder = join(root, path);
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const text = licenceText(folder);
    return { name: manifest.name, version: entry.version, licence: entry.license ?? 'not stated', home: manifest.homepage, text: text ?? '' };
  });
};

const section = (title, packages) => [
  `${title}\n${'='.repeat(title.length)}`,
  ...packages
    .sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1))
    .map(entry => `${entry.name} ${entry.version}\nLicence: ${entry.licence}${entry.home ? `\n${entry.home}` : ''}\n\n${entry.text}`.trim()),
].join(`\n\n${'-'.repeat(80)}\n\n`);

const packages = npm();
const isFont = entry => entry.name.startsWith('@fontsource');
mkdirSync(dirname(output), { recursive: true });
writeFileSync(output, [
  'Opsmeter contains or is built from the following works of others, under their own licences.',
  section('NuGet packages', nuget()),
  section('npm packages', packages.filter(entry => !isFont(entry))),
  section('Fonts', packages.filter(isFont)),
  '',
].join('\n\n'));

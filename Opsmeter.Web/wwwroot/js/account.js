// Passkeys: what only the browser can do. The server makes the options and checks the answers.

const canUse = () => window.PublicKeyCredential?.parseRequestOptionsFromJSON !== undefined;

async function post(path, body) {
  const token = document.querySelector('input[name="__RequestVerificationToken"]')?.value ?? '';
  const headers = { RequestVerificationToken: token };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  return fetch(path, { method: 'POST', headers, body });
}

async function enter(target) {
  const options = await (await post('account/passkey/ask')).json();
  const credential = await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
  const answer = await post('account/passkey/enter', JSON.stringify(credential.toJSON()));
  if (answer.status === 429) return 'Too many attempts from this address. Wait ten minutes, then try again.';
  if (!answer.ok) return 'This passkey is not known here.';
  location.assign(target);
  return null;
}

// Returns null when the passkey was kept, else what went wrong.
export async function addPasskey() {
  if (!canUse()) return 'This browser knows no passkeys, or this address is not https.';
  try {
    const answer = await post('account/passkey/offer');
    if (!answer.ok) return 'Reload the page and try again.';
    const credential = await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(await answer.json()) });
    const kept = await post('account/passkey/add', JSON.stringify(credential.toJSON()));
    return kept.ok ? null : 'The passkey was not accepted. Try again.';
  } catch (error) {
    return error.name === 'NotAllowedError' ? 'Nothing was added.' : 'The passkey could not be made: ' + error.message;
  }
}

for (const place of document.querySelectorAll('[data-passkey-enter]')) {
  if (!canUse()) continue;
  place.hidden = false;
  const [button, wrong] = [place.querySelector('button'), place.querySelector('.field-error')];
  button.addEventListener('click', async () => {
    button.disabled = true;
    wrong.hidden = true;
    let problem;
    try {
      problem = await enter(place.dataset.passkeyEnter);
    } catch (error) {
      problem = error.name === 'NotAllowedError' ? 'No passkey was chosen.' : 'The passkey could not be used: ' + error.message;
    }
    button.disabled = false;
    wrong.textContent = problem ?? '';
    wrong.hidden = !problem;
  });
}

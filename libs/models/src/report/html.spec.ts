import { expect, it } from 'vitest';
import { html } from './html.ts';

it('escapes what is put in, unless it is HTML itself', () => {
  const name = `<script>alert("1")</script> & 'so'`;
  expect(html`<b title="${name}">${html`<i>${1}</i>`}</b>`.text).toBe(
    '<b title="&#60;script&#62;alert(&#34;1&#34;)&#60;/script&#62; &#38; &#39;so&#39;"><i>1</i></b>',
  );
});

it('joins lists and leaves out what is null', () => {
  expect(html`<ul>${['a', 'b'].map((item) => html`<li>${item}</li>`)}</ul>${null}`.text).toBe(
    '<ul><li>a</li><li>b</li></ul>',
  );
});

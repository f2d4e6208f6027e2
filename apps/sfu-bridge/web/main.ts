import '@undertone/theme/tokens.css';
import '@undertone/theme/fonts.css';
import './page.css';
import './join-page.ts';

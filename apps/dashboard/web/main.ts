import '@undertone/theme/fonts.css';
import '@undertone/theme/tokens.css';
import './page.css';
import './view/app-root.ts';

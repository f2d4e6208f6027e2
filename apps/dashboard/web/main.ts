import './page.css';
import './view/app-root.ts';

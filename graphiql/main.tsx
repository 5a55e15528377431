import './workers.js';
import './styles.js';
import { createRoot } from 'react-dom/client';
import { Explorer } from './explorer.js';

createRoot(document.getElementById('root')!).render(<Explorer />);

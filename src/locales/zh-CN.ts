import { registerLocale } from '../locale-registry.js';
import zh from './zh.js';

export default registerLocale('zh-cn', zh);

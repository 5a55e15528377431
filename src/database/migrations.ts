import { DataModel1763800000001 } from './migrations/0001-data-model.js';

export const migrations = [DataModel1763800000001];

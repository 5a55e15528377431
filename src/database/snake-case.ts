import { DefaultNamingStrategy } from 'typeorm';

/** Properties in camelCase, columns in snake_case: `birthYear` ↔ `birth_year`, `mobileE164` ↔ `mobile_e164`. */
export class SnakeCase extends DefaultNamingStrategy {
  override columnName(propertyName: string, customName: string | undefined): string {
    return customName ?? snake(propertyName);
  }
}

export const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

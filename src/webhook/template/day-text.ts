/** The forms in which codes tell a day: the plain one of the Danish page, and the two of the suffixes (G19–G26, A4). */
export type DayForm = 'DD/MM-YYYY' | 'DD-MM-YYYY' | 'YYYY-MM-DD';

/** A day given as YYYY-MM-DD in another form; blank for none (A49). */
export function dayText(day: string | null | undefined, form: DayForm): string {
  if (!day) return '';
  const [year, month, date] = day.split('-') as [string, string, string];
  return form.replace('YYYY', year).replace('MM', month).replace('DD', date);
}

/** Values that occur nowhere but where they were planted, each with the place, for whoever finds one. */
export class Canaries {
  private readonly places: string[] = [];

  get planted(): readonly string[] {
    return this.places;
  }

  /** A value for a field: of the shape that its name asks for. */
  plant(place: string): string {
    const n = this.places.push(place) - 1;
    const name = place.split('.').at(-1)!;
    if (/date|(?<![a-z])at$|since|until/i.test(name) && !/update/i.test(name)) return '1907-03-09T04:05:06Z';
    if (/phone|mobile|fax|emergencyNumber/i.test(name)) return `+39066987${String(n).padStart(4, '0')}`;
    if (/email/i.test(name)) return `zqcanary${n}@example.org`;
    return `zqcanary${n}`;
  }

  /** Where those come from that a text has, and what stands around them; ids and times of lines are left out. */
  foundIn(text: string, others: readonly string[] = []): string[] {
    const plain = text.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'UUID');
    const found = [...plain.matchAll(/zqcanary(\d*)|(?<![\d.])(?:\+?39)?066987(\d{4})(?!\d)|1907-03-09/gi)].map(
      (match) => {
        const n = match[1] || match[2];
        return `${n ? this.places[Number(n)] : 'by hand'}: ${around(plain, match.index)}`;
      },
    );
    return [
      ...found,
      ...others.filter((each) => plain.includes(each)).map((each) => around(plain, plain.indexOf(each))),
    ];
  }
}

const around = (text: string, at: number): string => text.slice(Math.max(0, at - 80), at + 80);

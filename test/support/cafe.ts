/** A little text of the kind people give the assistant to answer from. */
export const CAFE = `
# Café Aurora

Café Aurora is a small coffee house in Lisbon. It was founded in 1987 by Marta Oliveira.

## Opening hours

We open at eight in the morning. We close at six in the evening, and on Sundays at noon.

## Food and drink

- The carrot cake is baked every morning and costs four euros.
- Vegan breakfast is served until eleven o'clock.
- Our espresso beans come from Ethiopia.

## Parking

There is no parking in front of the house. The nearest garage is in Rua do Sol, two minutes away.

## Pets

Dogs are welcome on the terrace.
`;

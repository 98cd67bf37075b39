/** What stands within a line of text, from mrkdwn or from rich text. */
export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'bold' | 'italic' | 'strike' | 'underline'; readonly pieces: readonly Piece[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'link'; readonly url: string; readonly label: string }
  | { readonly kind: 'person'; readonly id: string; readonly label?: string }
  | { readonly kind: 'group'; readonly id: string; readonly label?: string }
  | { readonly kind: 'channel'; readonly id: string; readonly label?: string }
  | { readonly kind: 'broadcast'; readonly range: string }
  | { readonly kind: 'date'; readonly unixSeconds: number; readonly format: string; readonly url?: string; readonly fallback: string }
  | { readonly kind: 'emoji'; readonly name: string };

/** The address, if a browser may follow it; never one that runs a script. */
export function safeUrl(url: string): string | undefined {
  return /^(?:https?:\/\/|mailto:)\S+$/i.test(url) ? url : undefined;
}

/** Without the byte order mark that PowerShell and editors of Windows put in front: RFC 8259 §8.1 lets a reader ignore it. */
export const withoutMark = (text: string): string => text.replace(/^\ufeff/, '')

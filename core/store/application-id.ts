/** Marks an SQLite file as a Congeal project: the letters "Cong". */
export const applicationId = 0x436f6e67;

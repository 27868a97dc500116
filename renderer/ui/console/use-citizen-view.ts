// What the citizens' side shows now, while a console stands before it.

export { useView as useCitizenView } from '../../connection.ts';

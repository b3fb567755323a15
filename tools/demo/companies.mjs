/**
 * companies.mjs: the two companies of the demo data, their staff and sign-ins.
 *
 * Ids are fixed, so that documentation and tests can name them. A company's own
 * numbers never become customers; staff numbers are what calls are transferred to.
 */

import {
  ATLANTA_FIRMS,
  ATLANTA_NAMES,
  ATLANTA_SPANISH,
  ATLANTA_TOWNS,
  CHICAGO_FIRMS,
  CHICAGO_NAMES,
  CHICAGO_SPANISH,
  CHICAGO_TOWNS,
  FOREIGN_HVAC,
  FOREIGN_PLUMBING,
} from "./people.mjs";
import * as hvac from "./hvac.mjs";
import * as plumbing from "./plumbing.mjs";
import { SPANISH } from "./office.mjs";

/**
 * @typedef {object} Technician
 * @property {string} name
 * @property {string} he pronoun
 * @property {string} his possessive
 */

/** @typedef {typeof COMPANIES[number]} Company */

export const COMPANIES = [
  {
    id: "64f1c0de5a1e00000000a001",
    key: "hvac",
    name: "Cedar Ridge Air & Heat",
    timeZone: "America/New_York",
    ownNumbers: ["+14045550100", "+18005550142"],
    customers: 118,
    pace: 1.24,
    areaCodes: [404, 770, 678, 470],
    spareCodes: [762, 706, 912, 229],
    farCodes: [212, 615, 843, 256, 904, 305],
    state: "GA",
    names: ATLANTA_NAMES,
    spanishNames: ATLANTA_SPANISH,
    firms: ATLANTA_FIRMS,
    towns: ATLANTA_TOWNS,
    abroad: FOREIGN_HVAC,
    fee: 89,
    technicians: [
      { name: "Dave Rucker", he: "he", his: "his" },
      { name: "Lamar Ellison", he: "he", his: "his" },
      { name: "Rosa Delgado", he: "she", his: "her" },
      { name: "Kevin Tran", he: "he", his: "his" },
      { name: "Shawn Bivens", he: "he", his: "his" },
    ],
    onCall: "+14045550191",
    manager: {
      name: "Maya Ortiz",
      email: "maya.ortiz@example.com",
      phone: "+14045550192",
    },
    office: "+14045550193",
    plan: "Comfort Plan",
    planPrice: "$19 a month",
    problems: hvac.HVAC_PROBLEMS,
    emergencies: hvac.HVAC_EMERGENCIES,
    questions: hvac.HVAC_QUESTIONS,
    complaints: hvac.HVAC_COMPLAINTS,
    praise: hvac.HVAC_PRAISE,
    spanish: SPANISH.hvac,
    rooms: hvac.HVAC_ROOMS,
    brands: hvac.HVAC_BRANDS,
  },
  {
    id: "64f1c0de5a1e00000000b002",
    key: "plumbing",
    name: "Wojcik & Daughters Plumbing",
    timeZone: "America/Chicago",
    ownNumbers: ["+13125550100", "+18005550187"],
    customers: 82,
    pace: 0.82,
    areaCodes: [773, 312, 847, 708, 872],
    spareCodes: [815, 331, 224, 779],
    farCodes: [414, 219, 313, 602, 917],
    state: "IL",
    names: CHICAGO_NAMES,
    spanishNames: CHICAGO_SPANISH,
    firms: CHICAGO_FIRMS,
    towns: CHICAGO_TOWNS,
    abroad: FOREIGN_PLUMBING,
    fee: 75,
    technicians: [
      { name: "Ewa Wojcik", he: "she", his: "her" },
      { name: "Terrence Boyd", he: "he", his: "his" },
      { name: "Manny Quintero", he: "he", his: "his" },
      { name: "Pawel Sikora", he: "he", his: "his" },
    ],
    onCall: "+13125550191",
    manager: {
      name: "Hania Wojcik",
      email: "hania.wojcik@example.com",
      phone: "+13125550192",
    },
    office: "+13125550193",
    plan: "Dry Basement Plan",
    planPrice: "$12 a month",
    problems: plumbing.PLUMBING_PROBLEMS,
    emergencies: plumbing.PLUMBING_EMERGENCIES,
    questions: plumbing.PLUMBING_QUESTIONS,
    complaints: plumbing.PLUMBING_COMPLAINTS,
    praise: plumbing.PLUMBING_PRAISE,
    spanish: SPANISH.plumbing,
    rooms: plumbing.PLUMBING_ROOMS,
    brands: plumbing.HEATERS,
  },
];

/** People who sign in; the loader gives them all the same password. */
export const USERS = [
  {
    email: "maya.ortiz@example.com",
    name: "Maya Ortiz",
    companies: [COMPANIES[0].id],
  },
  {
    email: "hania.wojcik@example.com",
    name: "Hania Wojcik",
    companies: [COMPANIES[1].id],
  },
  {
    email: "lena.whitfield@example.com",
    name: "Lena Whitfield",
    companies: [COMPANIES[0].id, COMPANIES[1].id],
  },
];

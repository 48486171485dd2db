/**
 * Two states of the market. East and west each move the gap by 0.60 USD/oz, from 4.40 to 5.60 and back, so that bounds
 * of 5.50 and 4.50 are crossed when both are known; a rate alone makes no new premium (it is a tick all the same).
 */
export const LOW = { 'sge-delayed/ag-td': '13976', 'sina/xag': '60.000', 'cfets/usdcny-spot': '6.7500' }
export const HIGH = { 'sge-delayed/ag-td': '14106', 'sina/xag': '59.400', 'cfets/usdcny-spot': '6.7501' }
